/**
 * The HTTP API without its routes, for features: a {@link io.billingsdk.server.http.Route} says who
 * may call it, and its {@link io.billingsdk.server.http.Route.Handler} makes an {@link
 * io.billingsdk.server.http.ApiResponse} of a {@link io.billingsdk.server.http.Request}. It owns no
 * tables, and knows no feature. No other package knows Jetty.
 */
@NullMarked
package io.billingsdk.server.http;

import org.jspecify.annotations.NullMarked;
