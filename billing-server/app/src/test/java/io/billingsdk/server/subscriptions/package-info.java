/** Tests of stored subscriptions, on a real PostgreSQL. */
@NullMarked
package io.billingsdk.server.subscriptions;

import org.jspecify.annotations.NullMarked;
