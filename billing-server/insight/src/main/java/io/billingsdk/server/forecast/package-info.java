/**
 * Forecasts of usage and money up to the end of a month: by app, service, customer and meter. The
 * package owns no table; the methods are those of {@code io.billingsdk.forecast}.
 */
@NullMarked
package io.billingsdk.server.forecast;

import org.jspecify.annotations.NullMarked;
