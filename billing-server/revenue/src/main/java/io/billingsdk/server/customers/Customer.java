package io.billingsdk.server.customers;

import java.time.Instant;
import java.time.ZoneId;

/**
 * Who pays.
 *
 * @param id 1 to 64 of A-Z a-z 0-9 _ . -
 * @param name shown to people
 * @param currency code of ISO 4217, in which the customer pays
 * @param zone whose midnights bound days and periods; never an offset
 * @param locale of documents and messages, a BCP 47 tag
 * @param createdAt when the customer was added
 */
public record Customer(
    String id, String name, String currency, ZoneId zone, String locale, Instant createdAt) {}
