"""What the collection still wants: targets, drop-out, silent provinces and whom to call there."""
