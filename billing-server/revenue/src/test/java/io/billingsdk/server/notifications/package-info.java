/** Tests of the parts of notifications that need no database. */
@NullMarked
package io.billingsdk.server.notifications;

import org.jspecify.annotations.NullMarked;
