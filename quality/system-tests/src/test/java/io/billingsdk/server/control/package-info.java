/** What tests of both sides of the wire need of the channel of control. */
@NullMarked
package io.billingsdk.server.control;

import org.jspecify.annotations.NullMarked;
