"""Which hosts there are: from targets files to hosts with their instances."""
