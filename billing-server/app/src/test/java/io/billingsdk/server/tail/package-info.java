/** Tests of {@code io.billingsdk.server.tail}. */
@NullMarked
package io.billingsdk.server.tail;

import org.jspecify.annotations.NullMarked;
