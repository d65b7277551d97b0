/**
 * The HTTP API without its routes, for features: a {@link io.billingsdk.server.http.Route} says who
 * may call it, and its {@link io.billingsdk.server.http.Route.Handler} makes an {@link
 * io.billingsdk.server.http.ApiResponse} of a {@link io.billingsdk.server.http.Request}. It knows
 * no feature, and owns the table {@code http_answer}, whose answers are sent again to a request
 * that is repeated. No other package knows Jetty.
 */
@NullMarked
package io.billingsdk.server.http;

import org.jspecify.annotations.NullMarked;
