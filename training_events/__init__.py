"""Training events: the calendar, the event page, registration with seats and a waiting list."""
