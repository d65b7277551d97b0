/** Tests of prices less costs. */
@NullMarked
package io.billingsdk.server.margin;

import org.jspecify.annotations.NullMarked;
