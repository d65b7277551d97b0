package io.billingsdk.internal.genai;

/**
 * Tokens of one answer in the form of {@code io.billingsdk.Quantities}: each is in exactly one of
 * these, except {@code reasoning}, which is a part of {@code output}.
 */
public record NormalTokens(
    long input,
    long cacheRead,
    long cacheCreation,
    long inputAudio,
    long output,
    long reasoning,
    long outputAudio) {

  /** The input, all of it, and the parts that providers count inside of it. */
  record InputTokens(long all, long cacheRead, long cacheCreation, long audio) {}

  /** The output, all of it, and the parts that are inside of it. */
  record OutputTokens(long all, long reasoning, long audio) {}

  /** The rest of each whole without its parts. */
  static NormalTokens ofWholes(TokenCounts counts, InputTokens in, OutputTokens out) {
    long left = in.all();
    long cacheRead = counts.part("cached tokens", in.cacheRead(), left);
    left -= cacheRead;
    long cacheCreation = counts.part("tokens written to a cache", in.cacheCreation(), left);
    left -= cacheCreation;
    // Sound that a cache had is in both numbers, and counts as cached: no problem, but less sound.
    long inputAudio = Math.min(in.audio(), left);
    long outputAudio = counts.part("audio tokens of the output", out.audio(), out.all());
    long output = out.all() - outputAudio;
    return new NormalTokens(
        left - inputAudio,
        cacheRead,
        cacheCreation,
        inputAudio,
        output,
        counts.part("reasoning tokens", out.reasoning(), output),
        outputAudio);
  }

  /** All tokens, each once. */
  public long total() {
    return input + cacheRead + cacheCreation + inputAudio + output + outputAudio;
  }
}
