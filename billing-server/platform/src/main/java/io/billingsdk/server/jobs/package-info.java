/**
 * Periodic work that is done once for all servers of a database. For features, which give {@link
 * io.billingsdk.server.jobs.Job}s, and for what puts the server together. Owns the table {@code
 * scheduled_tasks}; the only package that knows db-scheduler.
 */
@NullMarked
package io.billingsdk.server.jobs;

import org.jspecify.annotations.NullMarked;
