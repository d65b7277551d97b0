package io.billingsdk.seal;

/**
 * What a seal keeps of a row, so that a verifier can name it.
 *
 * @param id the identity of the row
 * @param content the SHA-256 of its columns, in hex
 */
public record SealEntry(String id, String content) {
  /** The line of a list of entries, without its line end. */
  public String line() {
    return content + " " + id;
  }

  /**
   * Reads such a line.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static SealEntry parse(String line) {
    int end = line.indexOf(' ');
    if (end < 1 || end == line.length() - 1) {
      throw new IllegalArgumentException("a line of entries must be a digest and an identity");
    }
    return new SealEntry(line.substring(end + 1), line.substring(0, end));
  }
}
