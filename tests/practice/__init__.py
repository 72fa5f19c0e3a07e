"""The practice fleet itself: real protocols, imaginary hosts."""
