/**
 * Whether the server lives, and whether it takes usage in. For the assembly of the server alone; it
 * owns the table {@code write_probe}.
 */
@NullMarked
package io.billingsdk.server.health;

import org.jspecify.annotations.NullMarked;
