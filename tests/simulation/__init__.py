"""The engine on fakes: one seeded scheduler, a virtual clock, imaginary hosts. Every schedule replays from its seed."""
