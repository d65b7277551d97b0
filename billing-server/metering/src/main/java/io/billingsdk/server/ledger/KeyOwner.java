package io.billingsdk.server.ledger;

import org.jspecify.annotations.Nullable;

/**
 * To whom an event is counted, by what it said of its key.
 *
 * @param app null when the key is not known
 * @param keyId null when the key is not known and was named by its hash
 * @param sha256 in hexadecimal; only of a key that is not known and was named by its hash
 */
public record KeyOwner(@Nullable String app, @Nullable String keyId, @Nullable String sha256) {}
