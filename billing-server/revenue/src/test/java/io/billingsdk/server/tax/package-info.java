/** Tests of taxes that need no database. */
@NullMarked
package io.billingsdk.server.tax;

import org.jspecify.annotations.NullMarked;
