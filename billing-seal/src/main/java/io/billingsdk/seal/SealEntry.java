package io.billingsdk.seal;

/**
 * What a seal keeps of a row, so that a verifier can name it.
 *
 * @param id the identity of the row
 * @param content the SHA-256 of its columns, in hex
 */
public record SealEntry(String id, String content) {}
