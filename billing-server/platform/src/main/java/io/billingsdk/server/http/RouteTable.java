package io.billingsdk.server.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which route a path and a method mean: the first that fits. Immutable. */
final class RouteTable {
  private final List<RouteRow> rows = new ArrayList<>();

  private record RouteRow(Endpoint endpoint, List<String> segments) {}

  /** What a request means. */
  sealed interface RouteMatch {}

  /** A route, and what stands in its path in the place of names. */
  record Meant(Endpoint endpoint, Map<String, String> parameters) implements RouteMatch {}

  /**
   * None.
   *
   * @param status 404, or 405 when the path is there with another method
   */
  record Nothing(int status) implements RouteMatch {}

  RouteTable(List<Endpoint> endpoints) {
    for (Endpoint each : endpoints) {
      rows.add(new RouteRow(each, segments(each.route().path())));
    }
  }

  RouteMatch find(String method, String path) {
    List<String> segments = segments(path);
    boolean there = false;
    for (RouteRow row : rows) {
      Optional<Map<String, String>> parameters = match(row.segments(), segments);
      if (parameters.isPresent()) {
        if (takes(row.endpoint().route(), method)) {
          return new Meant(row.endpoint(), parameters.get());
        }
        there = true;
      }
    }
    return new Nothing(there ? 405 : 404);
  }

  private static boolean takes(Route route, String method) {
    return route.method().equals(method) || (route.method().equals("GET") && method.equals("HEAD"));
  }

  /** A slash at the end means nothing. */
  private static List<String> segments(String path) {
    String whole =
        path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return List.of(whole.split("/", -1));
  }

  private static Optional<Map<String, String>> match(List<String> wanted, List<String> sent) {
    if (wanted.size() != sent.size()) {
      return Optional.empty();
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    for (int i = 0; i < wanted.size(); i++) {
      String name = wanted.get(i);
      String value = sent.get(i);
      if (name.startsWith("{") && !value.isEmpty()) {
        // One that cannot be decoded is refused later, by name.
        parameters.put(
            name.substring(1, name.length() - 1), PercentText.decoded(value).orElse(value));
      } else if (!name.equals(value)) {
        return Optional.empty();
      }
    }
    return Optional.of(parameters);
  }
}
