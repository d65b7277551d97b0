/** The database: PostgreSQL as a process of ours or elsewhere, its migrations and its checks. */
@NullMarked
package io.billingsdk.server.db;

import org.jspecify.annotations.NullMarked;
