"""What is done with readers' opinions."""
