/**
 * Apps and API keys, and what the feeds read that tell of them: for other features, the commands
 * and the control channel. It owns the tables {@code app}, {@code api_key}, {@code key_table} and
 * {@code key_change}.
 */
@NullMarked
package io.billingsdk.server.keys;

import org.jspecify.annotations.NullMarked;
