"""An imaginary Windows host: a module for each thing that it consists of, put together in `machine`."""
