/** Tests of {@code io.billingsdk.server.catalog}. */
@NullMarked
package io.billingsdk.server.catalog;

import org.jspecify.annotations.NullMarked;
