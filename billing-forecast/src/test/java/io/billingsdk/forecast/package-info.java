/** Tests of the forecast module. */
@NullMarked
package io.billingsdk.forecast;

import org.jspecify.annotations.NullMarked;
