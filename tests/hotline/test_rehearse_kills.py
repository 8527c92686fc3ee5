from hotline.rehearse_kills import rehearse


async def test_killed_while_tickets_move_nothing_is_lost_and_nothing_is_twice() -> None:
    assert await rehearse(moves=90, kills=1)
