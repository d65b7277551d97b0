package io.billingsdk.costs;

/**
 * What an import found.
 *
 * @param severity whether it can be approved
 * @param code which rule: {@code overlap}, {@code currency}, {@code large_change}, {@code factor},
 *     {@code free}, {@code sources_agree}, {@code sources_differ}, {@code left_out}
 * @param subject the row and the bucket
 * @param expectation the expected value
 * @param found the value that is there
 */
public record ImportFinding(
    Severity severity, String code, String subject, String expectation, String found) {

  /** Whether a plan with a finding can be approved. */
  public enum Severity {
    /** Never: correct the file. */
    ERROR,
    /** Only by a person who names the finding. */
    STOP,
    /** Always; read it. */
    NOTE
  }

  /** The name by which a person accepts it. */
  public String id() {
    return code + " " + subject;
  }

  @Override
  public String toString() {
    return code + ": " + subject + " must be " + expectation + ", but is " + found;
  }
}
