"""Great Expectations suites: what must hold of a landing and of the built warehouse."""
