package io.billingsdk.server.http;

import java.net.URL;
import java.util.List;

/**
 * What the HTTP API serves beside its own pages: what the features give to it. Immutable.
 *
 * @param routes of all features, the first that fits first
 * @param meters of all features
 * @param documentParts parts of the OpenAPI document, which describe the routes
 */
public record HttpContent(List<Route> routes, List<Meters> meters, List<URL> documentParts) {
  /** Copies the lists. */
  public HttpContent {
    routes = List.copyOf(routes);
    meters = List.copyOf(meters);
    documentParts = List.copyOf(documentParts);
  }
}
