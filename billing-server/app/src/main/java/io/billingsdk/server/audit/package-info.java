/**
 * Operators, their tokens, and who changed what. For the assembly of the server alone; it owns the
 * tables of {@code access}, whose services it shows.
 */
@NullMarked
package io.billingsdk.server.audit;

import org.jspecify.annotations.NullMarked;
