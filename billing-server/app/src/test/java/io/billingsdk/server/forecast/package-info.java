/** Tests of forecasts over HTTP. */
@NullMarked
package io.billingsdk.server.forecast;

import org.jspecify.annotations.NullMarked;
