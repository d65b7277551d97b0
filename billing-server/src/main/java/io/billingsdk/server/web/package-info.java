/**
 * The HTTP API: routes, who may call them, problem details, the OpenAPI document. No other package
 * knows Javalin, Jetty or Micrometer.
 */
@NullMarked
package io.billingsdk.server.web;

import org.jspecify.annotations.NullMarked;
