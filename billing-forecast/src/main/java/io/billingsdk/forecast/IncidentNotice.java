package io.billingsdk.forecast;

/**
 * A message to people that a change of an incident calls for.
 *
 * @param act an alert, or that it is over
 * @param incident the incident as it is now
 */
public record IncidentNotice(Act act, Incident incident) {
  /** The two notices of an incident. */
  public enum Act {
    /** The first closed bucket shows the incident. */
    ALERT,
    /** It is over, or a person expected it. */
    RESOLVE
  }
}
