"""What staff type at the desks of the roof. Rules stand in the services."""
