/** Tests of {@code io.billingsdk.server.catalog} that need no server. */
@NullMarked
package io.billingsdk.server.catalog;

import org.jspecify.annotations.NullMarked;
