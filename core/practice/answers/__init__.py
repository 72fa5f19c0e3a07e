"""How an imaginary host answers the contract's scripts: a module for each family of scripts, joined in `answering`."""
