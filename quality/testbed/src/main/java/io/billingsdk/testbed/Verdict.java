package io.billingsdk.testbed;

import com.hivemq.extension.sdk.api.packets.publish.AckReasonCode;

/**
 * What a broker with {@link ScriptedFaults} does with one PUBLISH. Immutable.
 *
 * @param delivered whether subscribers get it
 * @param acknowledged whether its sender gets a PUBACK
 * @param code the code of the PUBACK when it is not delivered; ignored when it is
 */
public record Verdict(boolean delivered, boolean acknowledged, AckReasonCode code) {

  /** Delivered and acknowledged, as without a script. */
  public static final Verdict DELIVER = new Verdict(true, true, AckReasonCode.SUCCESS);

  /** Neither delivered nor acknowledged, ever. */
  public static final Verdict SILENT = new Verdict(false, false, AckReasonCode.SUCCESS);

  /** Delivered, but the sender is never told: the PUBACK is lost. */
  public static final Verdict DELIVER_UNACKNOWLEDGED =
      new Verdict(true, false, AckReasonCode.SUCCESS);

  /** Acknowledged as a success and dropped, as by a broker whose queue is full. */
  public static final Verdict DROP = new Verdict(false, true, AckReasonCode.SUCCESS);

  /** Not delivered; the PUBACK has this code. */
  public static Verdict refuse(AckReasonCode code) {
    return new Verdict(false, true, code);
  }
}
