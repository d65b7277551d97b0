package io.billingsdk.protocol;

/**
 * The topics of protocol v1.
 *
 * @param report usage, from the SDK
 * @param keysRequest asks for the key table, from the SDK
 * @param keysUpdate keys and their states, from the billing system
 * @param heartbeat sign of life, from the SDK
 */
public record V1Topics(String report, String keysRequest, String keysUpdate, String heartbeat) {

  /** The topics under a prefix; the Python SDK's is {@code billing}. */
  public static V1Topics under(String prefix) {
    return new V1Topics(
        prefix + "/report",
        prefix + "/keys/request",
        prefix + "/keys/update",
        prefix + "/heartbeat");
  }
}
