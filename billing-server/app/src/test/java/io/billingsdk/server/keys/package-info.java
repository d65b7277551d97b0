/** Tests of {@code io.billingsdk.server.keys}. */
@NullMarked
package io.billingsdk.server.keys;

import org.jspecify.annotations.NullMarked;
