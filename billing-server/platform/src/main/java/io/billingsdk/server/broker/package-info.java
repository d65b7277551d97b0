/** The embedded broker's files, users and rules. */
@NullMarked
package io.billingsdk.server.broker;

import org.jspecify.annotations.NullMarked;
