package io.billingsdk.server.performance;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an execution goes. A record of the whole of it counts; without one, its steps: it failed if
 * the last word on one of them is a failure, it runs while one of them does, and it runs before the
 * first of them.
 *
 * @param status {@code running}, {@code completed} or {@code failed}
 * @param error of a failed one; null where nobody said it
 */
record ExecutionStatus(String status, @Nullable String error) {
  private static final String FAILED = "failed";

  /**
   * A record of it, in the order of time.
   *
   * @param status {@code started}, {@code success} or {@code failed}
   * @param isWhole whether it is about the whole
   */
  record Part(String name, String status, boolean isWhole, @Nullable String error) {}

  static ExecutionStatus of(List<Part> parts) {
    Map<String, Part> last = new HashMap<>();
    Part whole = null;
    for (Part each : parts) {
      if (!each.isWhole()) {
        last.merge(each.name(), each, ExecutionStatus::later);
      } else {
        whole = whole == null ? each : later(whole, each);
      }
    }
    if (whole != null) {
      return switch (whole.status()) {
        case "success" -> new ExecutionStatus("completed", null);
        case FAILED -> new ExecutionStatus(FAILED, whole.error());
        default -> new ExecutionStatus("running", null);
      };
    }
    return ofSteps(parts, last);
  }

  private static ExecutionStatus ofSteps(List<Part> parts, Map<String, Part> last) {
    for (Part each : parts) {
      if (each.status().equals(FAILED) && each.equals(last.get(each.name()))) {
        return new ExecutionStatus(FAILED, each.error());
      }
    }
    boolean runs =
        last.isEmpty() || last.values().stream().anyMatch(each -> each.status().equals("started"));
    return new ExecutionStatus(runs ? "running" : "completed", null);
  }

  /** The end of a step is later than its beginning, whichever came first. */
  private static Part later(Part one, Part other) {
    return other.status().equals("started") ? one : other;
  }
}
