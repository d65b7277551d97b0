/** Who may do what over HTTP, and the log of who did what, over HTTP or by a command. */
@NullMarked
package io.billingsdk.server.access;

import org.jspecify.annotations.NullMarked;
