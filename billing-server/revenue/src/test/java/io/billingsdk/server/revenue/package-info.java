/** Tests of figures without a database. */
@NullMarked
package io.billingsdk.server.revenue;

import org.jspecify.annotations.NullMarked;
