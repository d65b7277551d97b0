package io.billingsdk.costs;

/** What a bucket measures. A price has a unit of the same dimension, otherwise it is impossible. */
public enum Dimension {
  /** Tokens of a model. */
  TOKENS,
  /** Seconds of sound, video or running time. */
  SECONDS,
  /** Bytes, stored or transferred. */
  BYTES,
  /** Gibibytes that were kept for a month. */
  GB_MONTHS,
  /** Characters of text. */
  CHARACTERS,
  /** Images. */
  IMAGES,
  /** Pages of documents. */
  PAGES,
  /** Requests, searches, and calls of tools. */
  CALLS
}
