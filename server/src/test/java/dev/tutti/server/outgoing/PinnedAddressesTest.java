package dev.tutti.server.outgoing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PinnedAddressesTest {
    @Test
    void whoConnectsComesToWhatWasLookedAt() throws UnknownHostException {
        InetAddress outside = InetAddress.getByAddress("moving.invalid", new byte[] {(byte) 203, 0, 113, 7});

        PinnedAddresses.pin("moving.invalid", List.of(outside));

        assertThat(InetAddress.getByName("moving.invalid")).isEqualTo(outside);
    }

    @Test
    void looksPastAPinAndIntoPrivateNetworks() throws UnknownHostException {
        PinnedAddresses.pin("gone.invalid", List.of(InetAddress.getByAddress(new byte[] {(byte) 203, 0, 113, 8})));

        assertThatThrownBy(() -> PinnedAddresses.look("gone.invalid")).isInstanceOf(UnknownHostException.class);
        assertThat(Addresses.forbidden("gone.invalid")).contains("there is no host");
        assertThat(PinnedAddresses.look("localhost")).allMatch(InetAddress::isLoopbackAddress);
        assertThat(Addresses.forbidden("localhost")).contains("private network");
        assertThat(Addresses.forbidden("127.0.0.1")).contains("private network");
        assertThat(Addresses.forbidden("[::1]")).contains("private network");
        assertThat(Addresses.forbidden("2130706433")).contains("private network");
    }
}
