/** Tests of revenue figures over HTTP. */
@NullMarked
package io.billingsdk.server.revenue;

import org.jspecify.annotations.NullMarked;
