/** Tests of the server's own broker. */
@NullMarked
package io.billingsdk.server.broker;

import org.jspecify.annotations.NullMarked;
