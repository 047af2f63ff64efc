"""The public events of every service, one file per aggregate, and the values that they are made of."""
