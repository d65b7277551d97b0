package io.billingsdk.forecast;

import java.util.List;

/**
 * The result of an observation.
 *
 * @param incidents the state afterwards
 * @param notices what people should hear, in this order
 */
public record IncidentStep(Incidents incidents, List<IncidentNotice> notices) {
  /** Copies the list. */
  public IncidentStep {
    notices = List.copyOf(notices);
  }
}
