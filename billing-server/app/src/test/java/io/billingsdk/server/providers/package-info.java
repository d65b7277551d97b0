/** Tests of payment providers, against a fake of our own and one made by others. */
@NullMarked
package io.billingsdk.server.providers;

import org.jspecify.annotations.NullMarked;
