"""Work that must not be lost: jobs in a table, leases, and the workers that hold them. What the work is, other apps say."""
